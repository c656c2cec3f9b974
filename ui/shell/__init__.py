"""The main window: navigation and docks, and the services that it offers to its pages."""
