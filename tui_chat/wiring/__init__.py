"""The composition root: settings in, services out. The only room that knows the implementations behind the ports."""
