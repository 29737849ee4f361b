"""How long ago something was, in the words of a list."""


def age(seconds: float) -> str:
    """`just now`, `5 min ago`, `3 h ago`, `yesterday`, `12 days ago`, `4 months ago`; a time to come is just now."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours = minutes // 60
    if hours < 24:
        return f"{hours} h ago"
    days = hours // 24
    if days == 1:
        return "yesterday"
    if days < 60:
        return f"{days} days ago"
    months = days // 30
    return f"{months} months ago" if months < 24 else f"{days // 365} years ago"
