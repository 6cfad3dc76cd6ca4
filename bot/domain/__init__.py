"""What a meeting is and how it changes: pure values, no clock, no input or output."""
