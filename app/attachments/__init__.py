"""Files that are kept with records: attaching, listing, writing them out, opening and previewing them."""
