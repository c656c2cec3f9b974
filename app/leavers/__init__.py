"""People who leave: what they still have, and the one sheet that settles it. No Qt."""
