"""The Slack edge: what Slack sends is taken in here, and every call to Slack is made here."""
