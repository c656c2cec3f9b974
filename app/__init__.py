"""The parts that the window and the command line share: workspace, jobs, settings, reports."""
