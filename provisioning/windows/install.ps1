# Installs the agent of a school from the hub of its district, and from nowhere else. For an administrator's PowerShell.
#   install.ps1 CODE          install, and enrol with the code of the slip
#   install.ps1               install again over what is there
#   install.ps1 -Uninstall    take everything away
param([string]$Code, [switch]$Uninstall)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$Hub = '@HUB@'
$KeyPin = '@KEY_PIN@'
$RootPin = '@ROOT_PIN@'
$Version = '@VERSION@'
# One line a kind of computer: its name, and the SHA-256 of its bundle.
$Bundles = @'
@BUNDLES@
'@
$Program = Join-Path $env:ProgramFiles 'dltv-agent'

function Find-Python {
    foreach ($number in '3.13', '3.12', '3.11') {
        $path = & py.exe "-$number" -c 'import sys, venv; print(sys.executable if sys.maxsize > 2**32 else str())' 2>$null
        if ($LASTEXITCODE -eq 0 -and $path) { return $path }
    }
    throw 'Python 3.11, 3.12 or 3.13 (64 bits) is missing: install it from python.org for all users, then run this again'
}

$me = [Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()
if (-not $me.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { throw 'open PowerShell as administrator' }
if ($Uninstall) {
    if (Test-Path "$Program\setup.ps1") {
        # A copy: the folder that it stands in is deleted.
        Copy-Item "$Program\setup.ps1" "$env:TEMP\dltv-setup.ps1"
        & "$env:TEMP\dltv-setup.ps1" -Remove
        Remove-Item "$env:TEMP\dltv-setup.ps1"
    }
    return
}
$python = Find-Python
$sum = ($Bundles -split "`n" | Where-Object { $_ -match '^win_amd64 ' }) -replace '^win_amd64 ', ''
if (-not $sum) { throw 'the hub has no bundle for Windows: tell the district office' }
$folder = Join-Path $env:TEMP "dltv-$([Guid]::NewGuid())"
New-Item -ItemType Directory $folder | Out-Null
try {
    & curl.exe -fsSk --pinnedpubkey $KeyPin --retry 5 --connect-timeout 20 -o "$folder\bundle.zip" "$Hub/bundle/$Version/win_amd64.zip"
    if ($LASTEXITCODE -ne 0) { throw 'the hub could not be reached; try again later' }
    $got = (Get-FileHash -Algorithm SHA256 "$folder\bundle.zip").Hash
    if ($got -ne $sum.Trim()) { throw 'what came is not what the hub promised; try again' }
    Expand-Archive "$folder\bundle.zip" "$folder\bundle"
    & "$folder\bundle\windows\setup.ps1" -Bundle "$folder\bundle.zip" -Python $python
    if ($Code) {
        $Code | & "$Program\provisioner\Scripts\python.exe" -m provisioning enrol --hub $Hub --pin $RootPin --code -
        if ($LASTEXITCODE -ne 0) { throw 'not enrolled; see the line above' }
    }
} finally {
    Remove-Item -Recurse -Force $folder
}
