import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes Terraform code of about so many lines: stacks of a thousand lines each, every stack a root that calls a module that
 * calls a module that calls a module. What is in it is what estates hold: variables, locals, references, policies as
 * heredocs and through functions, dynamic blocks, `count` and `for_each`.
 *
 * @returns the lines written
 */
export function writeEstate(folder: string, lines: number): number {
  let written = 0;
  for (let stack = 0; written < lines; stack++) {
    const root = join(folder, `stack-${stack}`);
    for (const level of LEVELS) {
      const path = join(root, level.folder);
      mkdirSync(path, { recursive: true });
      const text = moduleText(stack, level);
      writeFileSync(join(path, 'main.tf'), text);
      written += text.split('\n').length - 1;
    }
  }
  return written;
}

interface Level {
  readonly folder: string;
  readonly calls: string | undefined;
}

const LEVELS: readonly Level[] = [
  { folder: '.', calls: './modules/platform' },
  { folder: 'modules/platform', calls: '../service' },
  { folder: 'modules/service', calls: '../storage' },
  { folder: 'modules/storage', calls: undefined },
];
const GROUPS_PER_MODULE = 4;

function moduleText(stack: number, { folder, calls }: Level): string {
  const groups = Array.from({ length: GROUPS_PER_MODULE }, (_, group) => groupText(stack, group));
  return [HEAD(stack, folder), calls === undefined ? '' : CALL(calls), ...groups].join('\n');
}

const HEAD = (stack: number, folder: string) => `variable "environment" {
  type    = string
  default = "stage"
}

variable "allowed" {
  type = list(object({
    port  = number
    cidrs = list(string)
  }))
  default = [
    { port = 443, cidrs = ["0.0.0.0/0"] },
    { port = 22, cidrs = ["10.0.0.0/8"] },
  ]
}

locals {
  prefix = "shop-${stack}-\${var.environment}"
  place  = "${folder}"
  tags = {
    environment = var.environment
    owner       = "operations"
  }
}

output "bucket" {
  value = alicloud_oss_bucket.logs_0.id
}
`;

const CALL = (source: string) => `module "inner" {
  source      = "${source}"
  environment = var.environment
  allowed     = concat(var.allowed, [{ port = 8443, cidrs = ["192.0.2.0/24"] }])
}
`;

const groupText = (stack: number, group: number) => `resource "alicloud_oss_bucket" "logs_${group}" {
  bucket = "\${local.prefix}-logs-${group}"
  acl    = ${group % 2 === 0 ? '"private"' : '"public-read"'}

  versioning {
    status = "Enabled"
  }

  lifecycle_rule {
    id      = "old"
    prefix  = "logs/"
    enabled = true

    expiration {
      days = ${180 + group}
    }
  }

  tags = merge(local.tags, { Name = "logs-${group}" })
}

resource "alicloud_security_group" "web_${group}" {
  security_group_name = format("%s-web-%02d", local.prefix, ${group})
  vpc_id              = "vpc-${stack}"
  description         = "what the shop answers on"
}

resource "alicloud_security_group_rule" "web_${group}" {
  count             = length(var.allowed)
  type              = "ingress"
  ip_protocol       = "tcp"
  policy            = "accept"
  port_range        = "\${var.allowed[count.index].port}/\${var.allowed[count.index].port}"
  security_group_id = alicloud_security_group.web_${group}.id
  cidr_ip           = var.allowed[count.index].cidrs[0]
}

resource "alicloud_db_instance" "shop_${group}" {
  engine           = "MySQL"
  engine_version   = "8.0"
  instance_type    = "rds.mysql.s1.small"
  instance_storage = 20 + ${group} * 10
  security_ips     = ["10.0.0.0/8"]
  ssl_action       = var.environment == "production" ? "Open" : "Close"

  parameters {
    name  = "innodb_large_prefix"
    value = "ON"
  }
}

resource "aws_s3_bucket" "data_${group}" {
  for_each = toset(["orders", "users"])
  bucket   = "\${local.prefix}-\${each.key}-${group}"
  tags     = local.tags
}

resource "aws_iam_policy" "reader_${group}" {
  name = "\${local.prefix}-reader-${group}"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:ListBucket"]
      Resource = [for bucket in aws_s3_bucket.data_${group} : "\${bucket.arn}/*"]
    }]
  })
}

resource "aws_security_group" "app_${group}" {
  name        = "\${local.prefix}-app-${group}"
  description = "application"

  dynamic "ingress" {
    for_each = var.allowed
    content {
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ingress.value.cidrs
    }
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "app_${group}" {
  ami                    = "ami-0abc"
  instance_type          = "t3.small"
  vpc_security_group_ids = [aws_security_group.app_${group}.id]
  user_data              = <<-EOT
    #!/bin/sh
    echo "\${local.prefix}" > /etc/shop
    exec /usr/bin/shop --port 8080
  EOT

  root_block_device {
    volume_size = 40
    encrypted   = true
  }
}
`;
