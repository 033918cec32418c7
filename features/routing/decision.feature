Feature: A table says whom a seat asks for, and a decision says why
  The rules that fill a seat stand in a table that people can read. The engine picks among those whom the rule asks for,
  keeps all it knew, and whoever asks later is told the rule, the reason and who was left out.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: red-1 - red takes a sworn officer, whoever is nearer
    Scenario: A weapon was shown
      Given Asha's dispute with Bram is reported
      And Ding has screened it red with "weapon" answered yes
      When Ding lets the engine choose the handler
      Then Ou holds the seat of the handler
      And the explanation names the rule "red-1", because "red takes a sworn officer at once"
      And the explanation says that Wang was left out: "the rule asks for Sworn officer"
      And made again, every decision is the same

  Rule: dv-1 - domestic violence is never an auxiliary's
    Scenario: It comes out at the safety questions
      Given Asha's dispute with Bram is reported
      And Ding has screened it orange with "dv" answered yes
      When Ding lets the engine choose the handler
      Then Ou holds the seat of the handler
      And the explanation names the rule "dv-1", because "only an officer may clear domestic violence"

  Rule: whoever is close to a party is left out, and the neighbouring village is asked
    Scenario: The only auxiliary of the village is the claimant's cousin
      Given Wang is a cousin of Asha
      And Asha's dispute with Bram is reported
      When Ding lets the engine choose the handler
      Then Wu holds the seat of the handler
      And the explanation says that Wang was left out: "related to a party"
      And made again, every decision is the same

  Rule: a village without anybody of its own is served by its office
    Scenario: The auxiliary has left
      Given Wang is no longer the auxiliary of the village
      And Asha's dispute with Bram is reported
      When Ding lets the engine choose the handler
      Then Ou holds the seat of the handler
      And the explanation says of the village: "nobody is appointed there"

  Rule: an officer complained of never gets the complaint
    Scenario: He takes bribes, it is said
      Given Wang has handed in a clue that Ou takes bribes
      When Cao lets the engine choose the handler
      Then nobody holds the seat of the handler

  Rule: what the table reads and nobody knows is asked for, never guessed
    Scenario: The kind of dispute is not known yet
      Given from Monday 15 April 2024 the tables ask for the kind of dispute
      And Asha's dispute with Bram is reported
      When Ding lets the engine choose the handler
      Then it is refused because "category"
      And nobody holds the seat of the handler

  Rule: a new table counts from its day on, for cases that are open too
    Background:
      Given Asha's dispute with Bram is reported
      And from Monday 22 April 2024 every dispute goes to an officer

    Scenario: The week before
      When Ding lets the engine choose the handler
      Then Wang holds the seat of the handler

    Scenario: From Monday on
      Given it has become Monday 22 April 2024, 09:00
      When Ding lets the engine choose the handler
      Then Ou holds the seat of the handler
      And the explanation names the rule "else", because "every dispute is for an officer"
      And made again, every decision is the same

  Rule: what another table would change is seen before it counts
    Scenario: Every dispute to an officer
      Given Asha's dispute with Bram is reported
      And Ding has let the engine choose the handler
      When the administrator tries what would be if every dispute went to an officer
      Then one decision would have gone from Wang to Ou
      And Wang holds the seat of the handler
