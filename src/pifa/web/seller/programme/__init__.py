"""The key-account programme as its sellers use it: calendar, way in, rehearsal, dashboard, benefits."""
