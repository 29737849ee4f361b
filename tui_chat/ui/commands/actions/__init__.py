"""The handlers of commands: one small module for each subject, so that neither the app nor a screen collects them."""
