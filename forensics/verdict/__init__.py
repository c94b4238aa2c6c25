"""From outcomes to a verdict: pillars, rules as data, and a pure engine."""
