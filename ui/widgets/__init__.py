"""The window's building blocks. Import each from its own module, so that only what is shown is loaded."""
