"""What a file holds: text and its encoding, zipped and compound workbooks, and what their parser leaves out."""
