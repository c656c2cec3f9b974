"""The overview: what the estate holds, what ends soon, and what needs attention."""
