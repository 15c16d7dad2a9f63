"""Programs that install and update: on the devices and in the workshop. Never imports the agent, so that it survives a broken one."""
