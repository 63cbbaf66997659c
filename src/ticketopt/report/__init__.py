"""Pictures, and the page for a team lead."""
