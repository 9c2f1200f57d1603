package probe

const hostsFile = "Windows/System32/drivers/etc/hosts"
