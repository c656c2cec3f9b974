"""Finding what a sheet holds, and what each of its columns means."""
