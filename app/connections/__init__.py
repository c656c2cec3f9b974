"""Dependencies that scans see: connections of one machine joined with the listening ports of others."""
