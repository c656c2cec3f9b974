"""Lists and single items of the register: what is read of them and done with them. No Qt."""
