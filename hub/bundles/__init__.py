"""Bundles: all that a school's computer needs, made at the office, so that no school needs the Internet for it.

A bundle is a zip for one kind of computer, `<version>/<platform>.zip`, the same bytes whenever it is made of the same things:

  release.json      {"format": 1, "version", "platform", "pythons": ["cp311", …], "pip": "pip-….whl",
                     "agent": […], "provisioner": […]: the wheels of each by name,
                     "files": {"wheels/….whl": {"sha256", "size"}, …}: every other file}
  agent.txt         what pip installs into the environment of the agent, each wheel by its hash
  provisioner.txt   the same for the program that installs and updates it
  linux/, windows/  what puts it in place: provisioning/linux/setup.sh with its units, provisioning/windows/setup.ps1
  wheels/           wheels for every Python of the platform's systems; pip takes the one that fits

Without Internet, and without a pip of the system:

  python3 -m venv --without-pip ENV
  ENV/bin/python wheels/pip-….whl/pip install --no-index --find-links wheels --no-deps --require-hashes -r agent.txt
"""
