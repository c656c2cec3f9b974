"""What dmidecode says of a machine's hardware as an inventory."""
