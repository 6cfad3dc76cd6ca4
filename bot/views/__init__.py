"""What people see: pure functions from a meeting to Block Kit."""
