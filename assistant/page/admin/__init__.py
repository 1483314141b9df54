"""The admin corner: who may enter, what is kept there, and its page."""

from assistant.page.admin.corner import add_admin

__all__ = ["add_admin"]
