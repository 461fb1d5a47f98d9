"""The pages of visits: recording, doors, campaigns and their teams, outings, sessions, diary, lists, papers."""
