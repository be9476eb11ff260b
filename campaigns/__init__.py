"""Campaigns: what a county collects from its townships, departments and schools (报送)."""
