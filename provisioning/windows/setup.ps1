# Puts an unpacked bundle in place, or takes everything away again. Called by install.ps1; needs no network. Can be run again.
#   setup.ps1 -Bundle BUNDLE.zip -Python PYTHON.EXE
#   setup.ps1 -Remove
param([string]$Bundle, [string]$Python, [switch]$Remove)
$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 2

$Name = 'dltv-agent'
$Task = 'dltv-provision'
$Account = 'NT AUTHORITY\LocalService'
$Program = Join-Path $env:ProgramFiles $Name
$Data = Join-Path $env:ProgramData $Name
$Own = Join-Path $env:ProgramData $Task
$Provisioner = Join-Path $Program 'provisioner'
$OwnPython = Join-Path $Provisioner 'Scripts\python.exe'

function Invoke-Checked([string]$What) {
    & $args[0] $args[1..($args.Count - 1)]
    if ($LASTEXITCODE -ne 0) { throw "$What failed ($LASTEXITCODE)" }
}

function Install-Provisioner([string]$Folder, [string]$Version) {
    if (Test-Path $OwnPython) { return }
    $place = Join-Path $Program "provisioners\$Version"
    Invoke-Checked 'python -m venv' $Python '-m' 'venv' '--without-pip' '--clear' $place
    $pip = (Get-Item (Join-Path $Folder 'wheels\pip-*.whl')).FullName + '\pip'
    Invoke-Checked 'pip' (Join-Path $place 'Scripts\python.exe') $pip 'install' '--quiet' '--no-cache-dir' '--no-input' `
        '--no-index' '--find-links' (Join-Path $Folder 'wheels') '--only-binary' ':all:' '--no-deps' '--require-hashes' `
        '--disable-pip-version-check' '--requirement' (Join-Path $Folder 'provisioner.txt')
    New-Item -ItemType Junction -Path $Provisioner -Target $place | Out-Null
}

# The key of the agent is for the agent, the system and administrators.
function Protect-Folder([string]$Folder, [string]$Right) {
    New-Item -ItemType Directory -Force -Path $Folder | Out-Null
    Invoke-Checked 'icacls' 'icacls' $Folder '/inheritance:r' '/grant:r' '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' `
        "*S-1-5-19:(OI)(CI)$Right" '/Q' | Out-Null
}

function Install-Service([string]$Folder) {
    if (Get-Service $Name -ErrorAction SilentlyContinue) { return }
    $host_ = Join-Path $Program 'service.exe'
    Add-Type -TypeDefinition (Get-Content -Raw (Join-Path $Folder 'windows\service.cs')) -OutputAssembly $host_ `
        -OutputType ConsoleApplication -ReferencedAssemblies 'System.ServiceProcess'
    if (-not [Diagnostics.EventLog]::SourceExists($Name)) { New-EventLog -LogName Application -Source $Name }
    Invoke-Checked 'sc create' 'sc.exe' 'create' $Name 'binPath=' "`"$host_`"" 'obj=' $Account 'start=' 'demand' `
        'DisplayName=' 'DLTV school agent' | Out-Null
    Invoke-Checked 'sc failure' 'sc.exe' 'failure' $Name 'reset=' '86400' 'actions=' 'restart/5000' | Out-Null
}

# Windows does not look after files as systemd does: the hub's wishes are seen within the hour.
function Install-Task {
    $do = New-ScheduledTaskAction -Execute $OwnPython -Argument '-m provisioning run'
    $when = New-ScheduledTaskTrigger -Once -At (Get-Date).AddMinutes((Get-Random -Maximum 60)) `
        -RepetitionInterval (New-TimeSpan -Hours 1)
    $as = New-ScheduledTaskPrincipal -UserId 'S-1-5-18' -LogonType ServiceAccount -RunLevel Highest
    $how = New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
    Register-ScheduledTask -Force -TaskName $Task -Action $do -Trigger $when -Principal $as -Settings $how | Out-Null
}

function Remove-All {
    Unregister-ScheduledTask -TaskName $Task -Confirm:$false -ErrorAction SilentlyContinue
    if (Get-Service $Name -ErrorAction SilentlyContinue) {
        Stop-Service $Name -Force
        Invoke-Checked 'sc delete' 'sc.exe' 'delete' $Name | Out-Null
    }
    if ([Diagnostics.EventLog]::SourceExists($Name)) { Remove-EventLog -Source $Name }
    # Links first: what they lead to is deleted once, as itself.
    foreach ($link in @($Provisioner, (Join-Path $Program 'current'))) {
        if (Test-Path $link) { (Get-Item $link).Delete() }
    }
    foreach ($folder in @($Program, $Data, $Own)) {
        if (Test-Path $folder) { Remove-Item -Recurse -Force $folder }
    }
}

if ($Remove) {
    Remove-All
    return
}
$folder = Split-Path (Split-Path $PSCommandPath)
$version = (Get-Content -Raw (Join-Path $folder 'release.json') | ConvertFrom-Json).version
Install-Provisioner $folder $version
Protect-Folder (Join-Path $Data 'state') 'M'
Protect-Folder (Join-Path $Data 'settings') 'RX'
Protect-Folder $Own 'RX'
Invoke-Checked 'the agent' $OwnPython '-m' 'provisioning' 'install' '--bundle' $Bundle
Install-Service $folder
Install-Task
Copy-Item -Force $PSCommandPath (Join-Path $Program 'setup.ps1')
