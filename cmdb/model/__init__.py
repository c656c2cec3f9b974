"""The vocabulary: the types of an estate and its changes. It reads only its own resources."""
