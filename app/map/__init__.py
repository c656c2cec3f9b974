"""The map: questions, their answers as pictures and words, and the views that are kept of them."""
