"""Draws what is printed: documents and labels on pages, as PDFs, as pictures, and on a printer."""
