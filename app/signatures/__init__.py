"""Signatures of scans: a file NAME.sig beside NAME, in OpenSSH's format, which ``ssh-keygen -Y sign`` makes."""
