"""Backtests: forecasts from every year's end since 1990, as they could have been made, held against what happened."""
