"""Pages: staff, phone, institution. Each fetches in scope, calls one service, answers."""
