"""The partner API: keys, problem documents, keyset pages, and the base of its views."""
