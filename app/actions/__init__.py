"""What a person does on the device. Each function is one action in one transaction, and needs only plain arguments."""
