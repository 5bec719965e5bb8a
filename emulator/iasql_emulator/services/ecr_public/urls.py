"""Where moto's server finds the service: the names are those that moto looks for."""

from iasql_emulator.services.ecr_public.responses import PublicRegistryResponse

url_bases = [r"https?://ecr-public\.(.+)\.amazonaws\.com"]
url_paths = {"{0}/$": PublicRegistryResponse.dispatch}
