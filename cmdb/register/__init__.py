"""What one does with a register: verbs, history, differences, baselines, retention, the live graph."""
