package main

import "posprobe/report"

// usageText is the help: no line is wider than 80 columns. Flags may be written with
// one dash or two.
var usageText = report.Text{
	EN: `posprobe: when a payment terminal cannot sign on, is it the device, the network
or the host?

  posprobe check               one round now: verdict, evidence, next action
    --config FILE              default ` + defaultConfig + ` if it exists
    --endpoint HOST:PORT       replaces the file's endpoints; may be repeated:
                               main first, then backups
    --tls  --ca FILE  --pin sha256/BASE64
                               speak TLS; trust these roots, or this key alone
    --protocol NAME            none (default: connect and TLS only), tcp,
                               unionpay
    --terminal TID  --merchant MID  --tpdu HEX  --header HEX
                               what the payment application uses; never invented
    --message echo|sign-on     echo (default) is harmless; sign-on replaces the
                               working keys
    ` + consentFlag + `
                               needed for --message sign-on with the
                               application's own terminal id
    --resolver ADDR            ask this DNS server instead of the system's; may
                               be repeated
    --wait D                   how long to wait for a reply (default 8s, at most
                               60s)
    --format text|json  --lang zh|en  --width N
  posprobe diagnose FILE|-     draw the verdict again from reports that were
                               saved with --format json
                               (--format, --lang, --width)
  posprobe pause DURATION      send no packets for a while (such as 30m or 2h,
                               at most 168h) (--lang)
  posprobe resume              end the pause (--lang)
  posprobe config check        every mistake in the configuration
                               (--config FILE)
  posprobe version

exit status: 0 healthy  10 device  20 network  30 host  35 host, planned
             40 account  50 cannot tell  2 wrong usage or configuration
             1 posprobe itself failed
`,
	ZH: `posprobe：终端签到不上时，判断是终端、网络还是主机的问题

  posprobe check               立即检查一次：结论、证据摘要、下一步
    --config FILE              配置文件，缺省为 ` + defaultConfig + `
                               （如果存在）
    --endpoint HOST:PORT       代替配置中的地址；可重复：先主用，后备用
    --tls  --ca FILE  --pin sha256/BASE64
                               使用 TLS；信任这些根证书，或只信任这个公钥
    --protocol NAME            none（缺省，只测连接和 TLS）、tcp、unionpay
    --terminal TID  --merchant MID  --tpdu HEX  --header HEX
                               与支付应用相同的参数；posprobe 从不自行编造
    --message echo|sign-on     echo（缺省）无副作用；sign-on 会更换工作密钥
    ` + consentFlag + `
                               用支付应用的终端号做 sign-on 时必须加上
    --resolver ADDR            改问这个 DNS 服务器；可重复
    --wait D                   等待应答的时间（缺省 8s，最长 60s）
    --format text|json  --lang zh|en  --width N
  posprobe diagnose FILE|-     由 --format json 保存的报告重新得出结论
                               （--format、--lang、--width）
  posprobe pause DURATION      暂停发包（如 30m、2h，最长 168h）（--lang）
  posprobe resume              结束暂停（--lang）
  posprobe config check        列出配置中的所有错误（--config FILE）
  posprobe version

退出码：0 正常  10 终端  20 网络  30 收单主机  35 收单主机（计划内）
        40 商户或终端登记  50 无法判定  2 用法或配置错误  1 posprobe 自身出错
`,
}
