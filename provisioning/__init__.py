"""Programs that install and update: on devices and in the workshop. Never imports the agent, so it survives a broken one."""
