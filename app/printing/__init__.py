"""What is printed, as plain data: documents, symbols, and how they become a PDF. Drawn by ``ui.printing``."""
