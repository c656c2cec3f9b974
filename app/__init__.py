"""What the window and the command line share: workspace, jobs, settings, reports."""
