"""Records of any class in the window: their table, their details, and the forms of what is done with them."""
