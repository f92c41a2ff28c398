"""What a model knows and what it plays, measured against held-out music and simpler models."""
