"""Lists and single items of the register: reading and editing. No Qt."""
