"""Work behind a page of many visitors: a lent pipeline, cancelling, files that go when they are old."""
