"""Files of the working folder, for completion and attachments. Everything that touches the disk runs in a thread."""
