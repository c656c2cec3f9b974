"""What fails with what: who is hit and why, what a record needs, what must not be lost, how two are connected."""
