"""Device files of the Linux kernel as its headers describe them, answering ioctl in memory: for want of a tuner or HDMI."""
