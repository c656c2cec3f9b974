"""What is asked about the register as lists and single items, and what is done with them: no Qt."""
