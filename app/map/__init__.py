"""The map: questions, their answers as pictures and words, and saved views."""
