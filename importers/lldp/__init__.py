"""The neighbours of a machine, as lldpctl tells them."""
