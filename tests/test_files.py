"""What stands in files of the checkout twice, or for others to read: Docker, odoo.conf, wheels, browsers."""

import ast
import json
import shutil
import subprocess
import unittest

import yaml

from launcher import fetch, pins
from launcher.home import ROOT

OF_THE_IMAGE = {'xlsxwriter', 'openpyxl', 'xlrd', 'requests', 'lxml', 'psycopg2'}  # Odoo's own needs, which it brings


class TestFiles(unittest.TestCase):
    def test_browsers_that_print_are_those_looked_for(self):
        """The launcher looks for the browsers that K20 prints through, no others."""
        text = (ROOT / 'addons/k20_base/tools/chromium.py').read_text()
        named = next(
            node.value
            for node in ast.parse(text).body
            if getattr(node, 'targets', [None])[0] is not None and node.targets[0].id == 'BROWSERS'
        )
        self.assertEqual(ast.literal_eval(named), fetch.BROWSERS)

    def test_compose_publishes_the_web_port_and_nothing_else(self):
        compose = yaml.safe_load((ROOT / 'docker-compose.yml').read_text('utf-8'))
        # The common subset of docker-compose 1.29, which refuses a top-level name, and of Docker's own compose.
        self.assertLessEqual(set(compose), {'services', 'volumes', 'secrets'})
        services = compose['services']
        published = {name: service['ports'] for name, service in services.items() if 'ports' in service}
        self.assertEqual(published, {'odoo': ['${K20_PORT:-8069}:8069']})
        self.assertEqual(services['db']['image'], 'postgres:17')
        self.assertIn('FROM odoo:19.0\n', (ROOT / 'docker' / 'Dockerfile').read_text('utf-8'))
        for name, service in services.items():
            with self.subTest(service=name):
                self.assertIn('healthcheck', service)
                for volume in service['volumes']:
                    self.assertIn(volume.partition(':')[0], compose['volumes'])
                self.assertNotRegex(json.dumps(service.get('environment', {})), r'PASSWORD"')

    def test_compose_is_valid_for_the_program_that_is_here(self):
        programs = (('docker-compose',), ('docker', 'compose'))
        for program in programs:
            if not shutil.which(program[0]) or subprocess.run((*program, 'version'), capture_output=True).returncode:
                continue
            done = subprocess.run((*program, 'config', '-q'), cwd=ROOT, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_docker_gets_the_wheels_that_k20_adds(self):
        """Odoo's image has what Odoo needs; what K20's manifests name beyond it is in k20.txt."""
        self.assertIn('COPY launcher/wheels/k20.txt', (ROOT / 'docker' / 'Dockerfile').read_text('utf-8'))
        listed = (ROOT / 'launcher' / 'wheels' / 'k20.txt').read_text('utf-8')
        manifests = [ast.literal_eval(path.read_text('utf-8')) for path in ROOT.glob('addons/*/__manifest__.py')]
        needed = {
            name for manifest in manifests for name in manifest.get('external_dependencies', {}).get('python', ())
        }
        for name in sorted(needed - OF_THE_IMAGE):
            with self.subTest(package=name):
                self.assertRegex(listed, rf'(?m)^{name}==')

    def test_odoo_conf_closes_the_database_manager(self):
        conf = (ROOT / 'odoo.conf').read_text('utf-8')
        self.assertRegex(conf, r'(?m)^list_db = False$')
        self.assertRegex(conf, r'(?m)^admin_passwd =\s*$')
        self.assertRegex(conf, r'(?m)^max_cron_threads = 1$')

    def test_every_wheel_is_pinned_with_its_hashes(self):
        for path in (*pins.WHEELS, *pins.TOOL_WHEELS):
            lines = [line for line in path.read_text('utf-8').splitlines() if not line.startswith('#')]
            for line, following in zip(lines, [*lines[1:], ''], strict=True):
                if not line.startswith(' '):
                    with self.subTest(line=line):
                        self.assertRegex(line, r'^[a-z0-9-]+==\S+ \\$')
                        self.assertRegex(following, r'^    --hash=sha256:[0-9a-f]{64}')
