"""The scan of a running Windows: it takes the capture that the script would, whose subjects are the collectors.

The registry and the processes are read directly; what only CIM knows is asked of PowerShell, by the script.
"""
